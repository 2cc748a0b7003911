import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type StoredLetter, storedLetterSchema } from '@warren/contracts/http/dead-letters'
import { reasonOf } from '@warren/platform/errors'
import { exitCodes } from '@warren/platform/exit-codes'
import { createApiClient } from '../api/client.ts'
import { findApi } from '../api/config.ts'
import { readEditor } from '../editor/config.ts'
import { ExitError } from '../exit-error.ts'
import { print, say } from '../terminal.ts'
import { letterPath, type OutputOptions } from './dead-letter-options.ts'

interface EditOptions extends OutputOptions {
  readonly tenant?: string
  readonly file?: string
  readonly deployment?: string
  readonly source?: string
}

/** Opens it in a file that only its owner may read. Undefined when nothing was changed. */
async function fromEditor(bytes: Buffer): Promise<Buffer | undefined> {
  const editor = readEditor()
  if (editor === undefined)
    throw new ExitError('usage', 'set EDITOR, or give the new content with --file')
  if (!process.stdin.isTTY)
    throw new ExitError('usage', 'an editor needs a terminal: give the new content with --file -')
  const folder = await mkdtemp(join(tmpdir(), 'warren-letter-'))
  try {
    const file = join(folder, 'letter')
    await writeFile(file, bytes, { mode: 0o600 })
    // As git does it: the variable may hold arguments.
    const child = spawn('sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit' })
    const [code] = await once(child, 'exit')
    if (code !== 0)
      throw new ExitError('failure', `${editor} ended with ${code}: nothing is changed`)
    const edited = await readFile(file)
    return edited.equals(bytes) ? undefined : edited
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const fromFile = (path: string): Promise<Buffer> =>
  path === '-'
    ? buffer(process.stdin)
    : readFile(path).catch((error: unknown) => {
        throw new ExitError('usage', `${path} cannot be read: ${reasonOf(error)}`, error)
      })

/** Editors end a file with a line feed, an item has none. */
function withoutLastLineFeed(bytes: Buffer, before: Buffer): Buffer {
  const ends = bytes.at(-1) === 0x0a && before.at(-1) !== 0x0a
  return ends ? bytes.subarray(0, -1) : bytes
}

async function contentOf(letter: StoredLetter, options: EditOptions): Promise<Buffer | undefined> {
  const before = Buffer.from(letter.item, 'base64')
  const { file, deployment, source } = options
  if (file !== undefined) return withoutLastLineFeed(await fromFile(file), before)
  if (deployment !== undefined || source !== undefined) return undefined
  const edited = await fromEditor(before)
  return edited && withoutLastLineFeed(edited, before)
}

const wordOf = (given: string | undefined): string | null | undefined =>
  given === '-' ? null : given

export async function edit(id: string, options: EditOptions): Promise<number> {
  const client = createApiClient(findApi(options))
  const query = { tenant: options.tenant }
  const path = letterPath(id)
  const letter = await client.read(storedLetterSchema, { path, query })
  const content = await contentOf(letter, options)
  const body = {
    item: content?.toString('base64'),
    deployment: wordOf(options.deployment),
    source: wordOf(options.source),
  }
  if (Object.values(body).every((value) => value === undefined)) {
    say('nothing was changed')
    return exitCodes.ok
  }
  const headers = { 'if-match': `"${letter.version}"` }
  const call = { method: 'PATCH', path, query, body, headers } as const
  const edited = await client.read(storedLetterSchema, call)
  print(
    options.output === 'json'
      ? JSON.stringify(edited)
      : `changed: send it again with warren dead-letters replay ${id}`,
  )
  return exitCodes.ok
}
