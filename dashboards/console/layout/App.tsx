import { useQuery } from '@tanstack/react-query'
import { Navigate, Route, Routes } from 'react-router'
import { SignInPage } from '../session/SignInPage.tsx'
import { sessionQuery } from '../session/session.ts'
import { QueryState } from '../states/QueryState.tsx'
import { Layout } from './Layout.tsx'
import { pages } from './pages.tsx'

export function App() {
  const session = useQuery(sessionQuery)
  return (
    <QueryState
      query={session}
      what="Your session"
      isEmpty={(found) => found === null}
      empty={<SignInPage />}
    >
      {(found) =>
        found !== null && (
          <Routes>
            <Route element={<Layout session={found} />}>
              {pages.map(({ path, element }) => (
                <Route key={path} path={path} element={element} />
              ))}
              <Route path="*" element={<Navigate to="/hosts" replace />} />
            </Route>
          </Routes>
        )
      }
    </QueryState>
  )
}
