import express, { type Express } from 'express'
import * as inputs from './inputs/index.ts'
import type { InputContext } from './inputs/input.ts'
import { metered } from './limits/metered.ts'
import { createMetadataNews } from './metadata-news.ts'
import { refuseBroken } from './refuse-broken.ts'
import type { Outgoing } from './sending/forwarder.ts'

export interface RoutesOptions extends Omit<InputContext, 'outgoing' | 'news'> {
  /** Of the input of that name. */
  readonly outgoing: (input: string) => Outgoing
}

/** As many as one tenant's senders may describe. */
const remembered = { maxFields: 20_000, forgetMs: 3_600_000 }

/** The collector's HTTP inputs under their native paths; the caller mounts it where it likes. */
export function createCollectorRoutes({ outgoing, ...context }: RoutesOptions): Express {
  const app = express().disable('x-powered-by').disable('etag')
  const news = createMetadataNews(remembered)
  for (const input of Object.values(inputs))
    input.mount(app, { ...context, news, outgoing: metered(outgoing(input.type), context.limits) })
  app.use((request, response) => {
    response.status(404).json({ error: `no such path: ${request.path}` })
  })
  app.use(refuseBroken(context))
  return app
}
