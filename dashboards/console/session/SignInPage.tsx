import { Alert, Button, Center, Paper, PasswordInput, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSignIn } from './session.ts'

export function SignInPage() {
  const [user, setUser] = useState('admin')
  const [password, setPassword] = useState('')
  const signIn = useSignIn()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ user, password })
  }
  return (
    <Center mih="100vh" p="md">
      <Paper component="form" onSubmit={submit} withBorder p="xl" w={380} radius="md">
        <Stack>
          <Title order={2}>Warren</Title>
          <TextInput
            label="User"
            name="user"
            autoComplete="username"
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
            required
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            description="The first start printed it; it is in the file admin-password of the data folder."
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            autoFocus
          />
          {signIn.error && (
            <Alert color="red" role="alert">
              {signIn.error.message}
            </Alert>
          )}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </Paper>
    </Center>
  )
}
