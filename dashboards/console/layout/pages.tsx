import type { ReactNode } from 'react'
import { HostPage } from '../hosts/HostPage.tsx'
import { HostsPage } from '../hosts/HostsPage.tsx'

interface Page {
  readonly path: string
  /** Its name in the menu; absent for a page that is reached from another. */
  readonly title?: string
  readonly element: ReactNode
}

export const pages: readonly Page[] = [
  { path: '/hosts', title: 'Hosts', element: <HostsPage /> },
  { path: '/hosts/:host', element: <HostPage /> },
]
