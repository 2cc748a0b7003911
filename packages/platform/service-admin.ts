import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Health } from '@warren/contracts/http/status'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { type AdminServer, startAdminServer } from './admin-server.ts'

export interface ServiceAdminOptions {
  readonly config: { readonly adminHost: string; readonly adminPort: number }
  readonly health: () => readonly Health[]
  /** Where the service counts; the metrics of the process are added. A new one unless given. */
  readonly registry?: Registry
}

interface Package {
  readonly version: string
}

const readVersion = (): string => {
  const file = join(import.meta.dirname, '..', '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as Package).version
}

/** The admin server of a service that has a process to itself, with the metrics of that process. */
export function startServiceAdmin({
  config,
  health,
  registry = new Registry(),
}: ServiceAdminOptions): Promise<AdminServer> {
  collectDefaultMetrics({ register: registry })
  return startAdminServer({
    host: config.adminHost,
    port: config.adminPort,
    version: readVersion(),
    registries: () => [registry],
    health,
  })
}

/** Parts of a service, with its name before those that are not it. */
export const partsOf = (service: string, parts: readonly Health[]): readonly Health[] =>
  parts.map((health) => ({ ...health, part: `${service}/${health.part}` }))
