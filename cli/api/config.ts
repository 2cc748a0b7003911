import { resolve } from 'node:path'
import { readSecretFile } from '@warren/platform/config/environment'
import { Secret } from '@warren/platform/secret'
import type { Command } from 'commander'
import { requireRun } from '../commands/status.ts'
import { type ConfigOptions, configOf, withConfigOptions } from '../config-options.ts'
import { ExitError, toDataFolderError } from '../exit-error.ts'
import { readAdminPassword } from '../up/admin-password.ts'

/** Which api a command asks, and as whom. */
export interface ApiTarget {
  /** Base address, base path included, without a slash at the end. */
  readonly url: string
  /** Value of the header `Authorization`. */
  readonly authorization: Secret
}

export interface ApiOptions extends ConfigOptions {
  readonly url?: string
}

/** Options of a command that asks the api. A token is never among them: arguments are in the process list. */
export const withApiOptions = (command: Command): Command =>
  withConfigOptions(command).option(
    '-u, --url <address>',
    'api to ask, with the token in WARREN_TOKEN or the file of WARREN_TOKEN_FILE (WARREN_URL, the Warren on the data folder)',
  )

type Environment = Readonly<Record<string, string | undefined>>

const usage = (message: string): ExitError => new ExitError('usage', message)

function tokenOf({ WARREN_TOKEN, WARREN_TOKEN_FILE }: Environment): string | undefined {
  const given =
    WARREN_TOKEN ??
    (WARREN_TOKEN_FILE === undefined
      ? undefined
      : readSecretFile('WARREN_TOKEN_FILE', WARREN_TOKEN_FILE))
  const token = given?.trim() ?? ''
  if (/[^\x21-\x7e]/.test(token)) throw usage('the token in WARREN_TOKEN is not one of Warren')
  return token === '' ? undefined : token
}

/** Never shows the address: it may hold a password. */
function parseAddress(text: string): string {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw usage('--url (WARREN_URL) is an address that starts with http:// or https://')
  if (url.username !== '' || url.password !== '')
    throw usage('--url (WARREN_URL) holds a credential: leave it out and set WARREN_TOKEN')
  if (url.search !== '' || url.hash !== '')
    throw usage('--url (WARREN_URL) ends with its path: leave out what follows ? and #')
  return url.href.replace(/\/+$/, '')
}

const bearer = (token: string): Secret => new Secret(`Bearer ${token}`)

function ofDataFolder(options: ApiOptions, token: string | undefined): ApiTarget {
  const folder = resolve(configOf(options).dataDir)
  // The api answers at its root too, whatever its base path.
  const { url } = requireRun(folder)
  if (token !== undefined) return { url, authorization: bearer(token) }
  let password: string | undefined
  try {
    password = readAdminPassword(folder)
  } catch (error) {
    throw toDataFolderError(folder, error)
  }
  if (password === undefined)
    throw usage(`there is no admin password in ${folder}: set WARREN_TOKEN`)
  const pair = Buffer.from(`admin:${password}`).toString('base64')
  return { url, authorization: new Secret(`Basic ${pair}`) }
}

/** The api at `--url` or `WARREN_URL`, with a token; else that of the Warren which runs on the data folder, as its admin unless there is a token. Throws an `ExitError`. */
export function findApi(options: ApiOptions, env: Environment = process.env): ApiTarget {
  const token = tokenOf(env)
  // A flag wins over a variable.
  const address = options.url ?? (options.dataDir === undefined ? env['WARREN_URL'] : '')
  if (address === undefined || address === '') return ofDataFolder(options, token)
  const url = parseAddress(address)
  if (token === undefined)
    throw usage(
      `${url} needs a token: set WARREN_TOKEN, or WARREN_TOKEN_FILE to a file that holds it`,
    )
  return { url, authorization: bearer(token) }
}
