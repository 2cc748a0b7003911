import { z } from 'zod'
import { tenantSchema } from '../names.ts'
import { pageQuerySchema } from './page.ts'
import { roleSchema } from './sessions.ts'

/** `POST /api/v1/tokens` */
export const newTokenSchema = z
  .strictObject({
    name: z.string().min(1).max(128),
    role: roleSchema.exclude(['admin']),
    /** The caller's own when absent; only an admin may name another. */
    tenant: tenantSchema.optional(),
    /** Days until it expires; at most ten years. */
    expiresInDays: z.int().min(1).max(3650).default(365),
    /** For a program that evaluates alert rules: its queries have their share at the stores and are answered from no cache. */
    isAlerting: z.boolean().default(false),
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
