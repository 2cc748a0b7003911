import { z } from 'zod'
import { tenantSchema } from '../names.ts'

/** What queries are gathered by; `panel` is of a dashboard, `user` as Grafana or Warren names it. */
export const insightGroups = ['dashboard', 'panel', 'user', 'token', 'tenant'] as const
export type InsightGroup = (typeof insightGroups)[number]

export const insightWindows = ['5m', '1h', '24h'] as const
export type InsightWindow = (typeof insightWindows)[number]

/** `cost`: units that stores were asked for; `time`: from request to answer; `refused`: refused and failed ones. */
export const insightOrders = ['cost', 'time', 'refused'] as const
export type InsightOrder = (typeof insightOrders)[number]

/** Instead of a tenant: all of them, for admins. */
export const everyTenant = '*'
const tenant = tenantSchema.or(z.literal(everyTenant)).optional()

/** `GET /api/v1/query-insights` */
export const insightsQuerySchema = z.strictObject({
  window: z.enum(insightWindows).default('1h'),
  by: z.enum(insightGroups).default('dashboard'),
  order: z.enum(insightOrders).default('cost'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** The caller's own when absent; another, or `*`: admins. */
  tenant,
})

const count = z.int().min(0)

const figuresSchema = z.object({
  queries: count,
  hit: count.describe('Answered by the cache alone'),
  partial: count.describe('The cache had a part'),
  miss: count.describe('The store had it all to answer'),
  bypass: count.describe('The cache was not asked'),
  refused: count.describe('No store was asked'),
  error: count.describe('A store was asked in vain'),
  queued: count.describe('Waited for a turn at the store, 10 ms or longer'),
  cost: z.number().describe('Units of cost that stores were asked for'),
  savedCost: z.number().describe('Units that the cache had'),
  tookMs: z.number().describe('From request to answer, all together'),
  waitedMs: z.number().describe('Of it for turns at the stores'),
  slowestMs: z.number(),
  slowestRequestId: z.string().nullable(),
  rows: count,
  bytes: count,
})

const insightSchema = figuresSchema.extend({
  tenant: z.string(),
  /** Null: the queries named none, or are those of `isRest`. */
  name: z.string().nullable(),
  /** Of the dashboard `name`. */
  panel: z.string().nullable(),
  isRest: z.boolean().describe('Those that had no place of their own'),
})

export const keptQuerySchema = z.object({
  at: z.iso.datetime().describe('When it was answered'),
  requestId: z.string(),
  tenant: z.string(),
  protocol: z.enum(['influxql', 'elasticsearch', 'flux']),
  state: z.enum(['hit', 'partial', 'miss', 'bypass', 'refused', 'error']),
  text: z.string().describe('As it was scoped to its tenant, cut; empty: it could not be read'),
  credential: z.string(),
  user: z.string().nullable(),
  dashboard: z.string().nullable(),
  panel: z.string().nullable(),
  isAlert: z.boolean(),
  cost: z.number(),
  savedCost: z.number(),
  waitedMs: z.number(),
  tookMs: z.number(),
  rows: count,
  bytes: count,
  resolution: z
    .string()
    .nullable()
    .describe('Of the points that answered, as `raw`, `5m` or `raw+1h`; null: it read none'),
  clampedFrom: z.iso
    .datetime()
    .nullable()
    .describe('Where its range was cut to begin, since the whole cost too much'),
  reason: z.string().nullable().describe('Why it was refused or failed, cut'),
})

const storeTurnsSchema = z.object({
  store: z.enum(['metrics', 'logs']),
  limit: count.describe('What it is asked at once at most just now, queries of alert rules aside'),
  found: count.describe(
    'What was found to be worth asking it at once; more brings hardly any more',
  ),
  most: count.describe('What it is asked at once at most, whatever is found'),
  running: count.describe('At the store, of all tenants'),
  waiting: count.describe('For their turn, of all tenants'),
})

export const insightsSchema = z.object({
  instance: z.string().describe('Of the api that answers: each knows its own queries only'),
  since: z.iso.datetime().describe('When it began'),
  total: figuresSchema,
  items: z.array(insightSchema),
  slowest: z.array(keptQuerySchema),
  failed: z.array(keptQuerySchema).describe('Refused or in vain, newest first'),
  stores: z.array(storeTurnsSchema).describe('How they are asked just now; told to admins alone'),
})

/** `GET /api/v1/query-insights/requests/{id}`; a body of several searches has several queries. */
export const requestInsightsSchema = z.object({
  instance: z.string(),
  items: z.array(keptQuerySchema),
})
export const requestInsightsQuerySchema = z.strictObject({ tenant })

export type FiguresBody = z.infer<typeof figuresSchema>
export type Insight = z.infer<typeof insightSchema>
export type StoreTurns = z.infer<typeof storeTurnsSchema>
export type KeptQuery = z.infer<typeof keptQuerySchema>
export type Insights = z.infer<typeof insightsSchema>
