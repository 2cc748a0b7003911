import type { ReactNode } from 'react'
import { AddDataPage } from '../add-data/AddDataPage.tsx'
import { HostPage } from '../hosts/HostPage.tsx'
import { HostsPage } from '../hosts/HostsPage.tsx'
import { LogsPage } from '../logs/LogsPage.tsx'
import { StatusPage } from '../status/StatusPage.tsx'

interface Page {
  readonly path: string
  /** Its name in the menu; absent for a page that is reached from another. */
  readonly title?: string
  readonly element: ReactNode
}

export const pages: readonly Page[] = [
  { path: '/hosts', title: 'Hosts', element: <HostsPage /> },
  { path: '/hosts/:host', element: <HostPage /> },
  { path: '/logs', title: 'Logs', element: <LogsPage /> },
  { path: '/add-data', title: 'Add data', element: <AddDataPage /> },
  { path: '/status', title: 'Status', element: <StatusPage /> },
]
