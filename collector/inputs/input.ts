import type { Log } from '@warren/platform/log'
import type { Express } from 'express'
import type { Registry } from 'prom-client'
import type { WriteContext } from '../receiving.ts'

/** Its `outgoing` is the input's own. */
export interface InputContext extends WriteContext {
  readonly log: Log
  /** Of the counters; services are restarted within one process, so one may be there already. */
  readonly registry: Registry
}

/** One protocol over HTTP. */
export interface Input {
  /** Its name in the registry, and the label of what it sends. */
  readonly type: string
  /** Adds its paths, which no other input has, each POST made by `writeRoute`: that knows the sender before anything is read, and answers errors. What is left to
   *  the input: never to hold more of a body than `settings.maxBodyBytes`, packed or not; to answer 2xx only once what it published is the broker's or on disk, 400 for what can never be taken,
   *  413 for too much, 429 (by `writeRoute`) for a tenant above its limit, 503 with `Retry-After` for what may be sent again; to count what it leaves out without an error. */
  mount(app: Express, context: InputContext): void
}
