import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const root = join(import.meta.dirname, '..', '..')

/** The parts of a Compose service that Warren's file uses (https://docs.docker.com/reference/compose-file/services/). */
export interface ComposeService {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly restart: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

export const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8')

/** As Compose reads it: with merged keys, and `$$` as the `$` that it stands for. */
export const readComposeFile = (): ComposeFile =>
  parse(composeText.replaceAll('$$', '$'), { merge: true }) as ComposeFile

export interface Mount {
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
}

export const mountsOf = ({ volumes = [] }: ComposeService): Mount[] =>
  volumes.map((text) => {
    const [source = '', target = '', mode] = text.split(':')
    return { source, target, readOnly: mode === 'ro' }
  })

/** A service's environment with the files of its secrets where `folder` holds them. */
export function environmentOf(service: ComposeService, folder: string): Record<string, string> {
  const secrets = mountsOf(service).find(({ source }) => source.endsWith('-secrets'))
  const volume = secrets?.source.replace(/-secrets$/, '') ?? ''
  const moved = (text: string) =>
    secrets === undefined ? text : text.replace(secrets.target, join(folder, volume))
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, text]) => [name, moved(text)]),
  )
}
