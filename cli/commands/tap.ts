import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type LiveMessage, liveMessageSchema } from '@warren/contracts/http/taps'
import { tapStreams } from '@warren/contracts/taps'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import { exitCodes } from '@warren/platform/exit-codes'
import { Argument, type Command, Option } from 'commander'
import { z } from 'zod'
import { type ApiClient, ApiError, createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { readEvents, type ServerEvent } from '../api/read-events.ts'
import { ending, say, toShown } from '../terminal.ts'

interface TapOptions extends ApiOptions {
  readonly deployment?: string
  readonly output: 'text' | 'json'
}

const reconnect = { firstMs: 500, maxMs: 10_000 }
/** A stream that lived less was refused in all but name. */
const settledMs = 5000
const skippedSchema = z.object({ messages: z.number() })

/** Line protocol and NDJSON as they are, a line each, without what could move the cursor. */
const textOf = ({ text }: LiveMessage): string =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${toShown(line)}\n`)
    .join('')

/** Waits while the terminal or pipe takes no more: the api then drops, and says how many. */
async function write(text: string, signal: AbortSignal): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal })
}

async function show(event: ServerEvent, { output }: TapOptions, signal: AbortSignal) {
  const data: unknown = JSON.parse(event.data)
  if (event.name === 'skipped')
    return say(
      `warren: ${skippedSchema.parse(data).messages} messages came faster than they were read`,
    )
  if (event.name !== '') return
  const message = liveMessageSchema.parse(data)
  await write(output === 'json' ? `${JSON.stringify(message)}\n` : textOf(message), signal)
}

interface Following {
  readonly client: ApiClient
  readonly stream: string
  readonly options: TapOptions
  readonly signal: AbortSignal
}

/** Shows what passes until the api ends the stream, as it does after a while. */
async function followOnce({ client, stream, options, signal }: Following): Promise<void> {
  const query = { stream, deployment: options.deployment }
  const response = await client.open({ path: '/api/v1/taps/live', query, signal })
  if (response.body === null) return
  for await (const event of readEvents(response.body)) await show(event, options, signal)
}

/** The answer blames what was asked, or who asked: asking again changes nothing. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429

/** One stream after the other; what passes between two is not shown. Throws when the first cannot be opened. */
async function follow(following: Following): Promise<void> {
  const { signal } = following
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const startedAt = performance.now()
    await followOnce(following).catch((error: unknown) => {
      if (signal.aborted) return
      const isFirst = attempt === 0 && error instanceof ApiError
      if (isFirst || isFinal(error)) throw error
      say(`warren: ${reasonOf(error)}; trying again`)
    })
    if (performance.now() - startedAt > settledMs) attempt = 0
    await sleep(backoffMs(attempt, reconnect), undefined, { signal }).catch(reasonOf)
  }
}

async function tap(stream: string, options: TapOptions): Promise<number> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  // `warren tap … | head` has read enough.
  process.stdout.once('error', stop)
  const client = createApiClient(findApi(options))
  await follow({ client, stream, options, signal: stopping.signal })
  return exitCodes.ok
}

export const addTap = (program: Command): Command =>
  withApiOptions(program.command('tap'))
    .description('print messages as they pass, until Ctrl-C; storage is not disturbed')
    .addArgument(new Argument('<stream>', 'what to listen to').choices(tapStreams))
    .option('--deployment <name>', 'only of this deployment')
    .addOption(
      new Option('-o, --output <form>', 'lines, or one JSON object a message')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(ending(tap))
