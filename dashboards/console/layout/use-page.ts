import { useDocumentTitle } from '@mantine/hooks'
import { matchPath, useLocation } from 'react-router'
import { pages } from './pages.tsx'

/** Names the page in the browser's tab; returns the path of its entry in the menu. */
export function usePage(): string | undefined {
  const { pathname } = useLocation()
  const page = pages.find(({ path }) => matchPath(path, pathname))
  const about = Object.values(matchPath(page?.path ?? '/', pathname)?.params ?? {})
  useDocumentTitle(
    `${about.length > 0 ? about.join(' ') : (page?.title ?? 'No such page')} · Warren`,
  )
  return page?.below ?? page?.path
}
