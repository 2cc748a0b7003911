import { z } from 'zod'
import { deploymentSchema, tenantSchema } from '../names.ts'
import { pageQuerySchema } from './page.ts'
import { roleSchema } from './sessions.ts'

const maxGrants = 32

/** Ten years. */
export const maxTokenDays = 3650

/** The deployments of its tenant that a token is for, each once. */
const grantsSchema = z
  .array(deploymentSchema)
  .min(1, 'name a deployment, or leave the list out for all of them')
  .max(maxGrants, `at most ${maxGrants} deployments`)
  .transform((names) => [...new Set(names)].sort())

/** `POST /api/v1/tokens` */
export const newTokenSchema = z
  .strictObject({
    name: z.string().min(1).max(128),
    role: roleSchema.exclude(['admin']),
    /** The caller's own when absent; only an admin may name another. */
    tenant: tenantSchema.optional(),
    /** Days until it expires. */
    expiresInDays: z.int().min(1).max(maxTokenDays).default(365),
    /** For a program that evaluates alert rules: its queries have their share at the stores and are answered from no cache. */
    isAlerting: z.boolean().default(false),
    /** Only what these deployments of the tenant have sent is read with it, as long as it lives; absent: all there is. */
    deployments: grantsSchema.optional(),
  })
  .refine(({ role, deployments }) => deployments === undefined || role === 'viewer', {
    path: ['deployments'],
    message: 'only a viewer’s token can be limited to deployments',
  })
  .refine(({ role, isAlerting }) => !(isAlerting && role === 'writer'), {
    path: ['isAlerting'],
    message: 'a writer asks no queries: an alerting token needs another role',
  })

export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  tenant: tenantSchema,
  isAlerting: z.boolean(),
  /** Absent: all of the tenant's. */
  deployments: z.array(z.string()).optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export type Token = z.infer<typeof tokenSchema>

/** The only time the secret is shown. It starts with `wrn_`, so that scanners find leaks. */
export const createdTokenSchema = tokenSchema.extend({ secret: z.string() })
export type CreatedToken = z.infer<typeof createdTokenSchema>

/** `GET /api/v1/tokens?limit=&cursor=&tenant=`; another tenant than the caller's: admins. */
export const tokenQuerySchema = pageQuerySchema.extend({ tenant: tenantSchema.optional() })

/** Newest first. */
export const tokenListSchema = z.object({
  items: z.array(tokenSchema),
  nextCursor: z.string().nullable(),
})
