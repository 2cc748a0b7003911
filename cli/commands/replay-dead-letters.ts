import { setTimeout as sleep } from 'node:timers/promises'
import { type Replay, replaySchema } from '@warren/contracts/http/dead-letters'
import { exitCodes } from '@warren/platform/exit-codes'
import { type ApiClient, createApiClient } from '../api/client.ts'
import { findApi } from '../api/config.ts'
import { ExitError } from '../exit-error.ts'
import { print, say, toShown } from '../terminal.ts'
import { type FilterOptions, filterOf, type OutputOptions } from './dead-letter-options.ts'

const path = '/api/v1/dead-letter-replays'
const lookMs = 500
/** What is refused once more comes back a moment after it was sent, if no backlog waits before it. */
const settleMs = 2000

interface ReplayOptions extends FilterOptions, OutputOptions {
  readonly perSecond: number
  readonly all: boolean
  readonly wait: boolean
}

const toLine = ({ total, sent, skipped, returned, state, reason }: Replay): string =>
  [
    `${state}: ${sent} of ${total} sent`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(returned > 0 ? [`${returned} came back`] : []),
    ...(reason === null ? [] : [toShown(reason)]),
  ].join(', ')

/** One line that is written over on a terminal; elsewhere a line when it changes. */
function createProgress() {
  let shown = ''
  return (replay: Replay) => {
    const line = toLine(replay)
    if (line === shown) return
    shown = line
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
    else say(line)
  }
}

async function follow(client: ApiClient, begun: Replay, tenant: string | undefined) {
  const show = createProgress()
  let replay = begun
  const look = () => client.read(replaySchema, { path: `${path}/${begun.id}`, query: { tenant } })
  for (;;) {
    show(replay)
    if (replay.state !== 'running') break
    await sleep(lookMs)
    replay = await look()
  }
  if (replay.sent > 0) {
    await sleep(settleMs)
    replay = await look()
    show(replay)
  }
  if (process.stderr.isTTY) say('')
  return replay
}

export async function replay(ids: readonly string[], options: ReplayOptions): Promise<number> {
  const filter = filterOf(options)
  const { tenant, ...kind } = filter
  const isWhole = ids.length === 0 && Object.values(kind).every((value) => value === undefined)
  if (isWhole && !options.all)
    throw new ExitError('usage', 'name letters or a filter, or say --all')
  const client = createApiClient(findApi(options))
  const body = {
    ...filter,
    ...(ids.length === 0 ? {} : { ids }),
    perSecond: options.perSecond,
  }
  const begun = await client.read(replaySchema, { method: 'POST', path, body })
  const last = options.wait ? await follow(client, begun, tenant) : begun
  print(options.output === 'json' ? JSON.stringify(last) : `replay ${last.id} ${toLine(last)}`)
  const problems = problemsOf(last, ids.length)
  for (const problem of problems) say(`warren: ${problem}`)
  return problems.length > 0 || last.state === 'cancelled' ? exitCodes.failure : exitCodes.ok
}

/** What did not become of it as its user may believe. */
function problemsOf({ id, total, skipped, returned }: Replay, named: number): readonly string[] {
  const absent = named - total
  return [
    ...(absent > 0 ? [`${absent} of ${named} named letters are not there (any more)`] : []),
    ...(skipped > 0 ? [`${skipped} could not be sent and stay as they are`] : []),
    ...(returned > 0
      ? [`${returned} were refused once more: warren dead-letters list --replay ${id}`]
      : []),
  ]
}
