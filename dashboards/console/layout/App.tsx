import { Container, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Route, Routes } from 'react-router'
import { SignInPage } from '../session/SignInPage.tsx'
import { sessionQuery } from '../session/session.ts'
import { QueryState } from '../states/QueryState.tsx'
import { Services } from '../status/Services.tsx'
import { Layout } from './Layout.tsx'
import { pageRoutes } from './pages.tsx'

/** Whose session cannot be looked up is still told which part is the reason. */
function NoSession() {
  const session = useQuery(sessionQuery)
  return (
    <Container py="xl">
      <Stack>
        <Title order={1} size="h2">
          Warren
        </Title>
        <QueryState query={session} what="Your session" isEmpty={() => true} empty={null}>
          {() => null}
        </QueryState>
        {session.error && <Services />}
      </Stack>
    </Container>
  )
}

/** The page comes by itself when the api answers again. */
const untilKnown = ({ state }: { state: { data: unknown } }): number | false =>
  state.data === undefined ? 3000 : false

export function App() {
  const { data: session } = useQuery({ ...sessionQuery, refetchInterval: untilKnown })
  if (session === undefined) return <NoSession />
  if (session === null) return <SignInPage />
  return (
    <Routes>
      <Route element={<Layout session={session} />}>{pageRoutes}</Route>
    </Routes>
  )
}
