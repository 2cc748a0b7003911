import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Account, findAccount, isRoot } from './run-as.ts'

const run = promisify(execFile)
const version = '8.19.0'
const accountName = 'warren-elasticsearch'
const artifact = 'org.elasticsearch.distribution.integ-test-zip:elasticsearch'
const cache = resolve(import.meta.dirname, '../../.cache')

export interface ElasticsearchInstallation {
  readonly home: string
  /** Elasticsearch refuses root; absent when we are not. */
  readonly account: Account | undefined
}

let installing: Promise<ElasticsearchInstallation> | undefined

/** Puts Elasticsearch into `.cache/` of the project, once: fetched with Maven (also once, into Maven's own repository), unzipped, given to an account made for it. */
export function installElasticsearch(): Promise<ElasticsearchInstallation> {
  installing ??= install()
  return installing
}

async function install(): Promise<ElasticsearchInstallation> {
  const account = isRoot() ? await ensureAccount() : undefined
  const home = join(cache, `elasticsearch-${version}`)
  if (!existsSync(home)) await unzipInto(home, await fetchZip(), account)
  return { home, account }
}

async function ensureAccount(): Promise<Account> {
  try {
    return await findAccount(accountName)
  } catch {
    await run('useradd', [
      '--system',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      accountName,
    ])
    return findAccount(accountName)
  }
}

/** Maven knows which repository this machine may use, so it fetches; the zip is then in its local repository. */
async function fetchZip(): Promise<string> {
  const [group = '', name = ''] = artifact.split(':')
  const folder = join(homedir(), '.m2/repository', group.replaceAll('.', '/'), name, version)
  const zip = join(folder, `${name}-${version}.zip`)
  if (existsSync(zip)) return zip
  const get = ['-q', '-B', 'dependency:get', '-Dtransitive=false']
  await run('mvn', [...get, `-Dartifact=${artifact}:${version}:zip`])
  if (!existsSync(zip)) throw new Error(`Maven fetched ${artifact}, but not to ${zip}`)
  return zip
}

async function unzipInto(home: string, zip: string, account: Account | undefined): Promise<void> {
  await mkdir(cache, { recursive: true })
  // Another process may do the same: whoever renames first wins.
  const staging = `${home}.${process.pid}`
  await run('unzip', ['-q', zip, '-d', staging])
  if (account !== undefined) await run('chown', ['-R', `${account.uid}:${account.gid}`, staging])
  await rename(join(staging, `elasticsearch-${version}`), home).catch((error: unknown) => {
    if (!existsSync(home)) throw error
  })
  await rm(staging, { recursive: true, force: true })
}
