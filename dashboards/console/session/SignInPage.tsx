import {
  Alert,
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  Stack,
  TextInput,
  Title,
} from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toFieldErrors } from '../http/field-errors.ts'
import { endedQuery, useSignIn } from './session.ts'

export function SignInPage() {
  const [user, setUser] = useState('admin')
  const [password, setPassword] = useState('')
  const signIn = useSignIn()
  const { data: ended } = useQuery(endedQuery)
  const errors = toFieldErrors(signIn.error, ['user', 'password'])
  useDocumentTitle('Sign in · Warren')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ user, password })
  }
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper component="form" onSubmit={submit} withBorder p="xl" w="100%" maw={400} radius="md">
        <Stack>
          <Group gap="sm">
            <img src="./icon.svg" alt="" width={30} height={30} />
            <Title order={1} size="h2">
              Warren
            </Title>
          </Group>
          {ended === true && !signIn.error && (
            <Alert color="yellow" role="status">
              Your session has ended. Sign in again to go on where you were.
            </Alert>
          )}
          <TextInput
            label="User"
            name="user"
            autoComplete="username"
            value={user}
            error={errors.at.user}
            onChange={(event) => setUser(event.currentTarget.value)}
            required
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            description="The first start printed it; it is in the file admin-password of the data folder."
            value={password}
            error={errors.at.password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            autoFocus
          />
          {errors.rest !== undefined && (
            <Alert color="red" role="alert">
              {errors.rest}
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
