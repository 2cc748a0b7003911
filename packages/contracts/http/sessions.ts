import { z } from 'zod'
import { tenantSchema } from '../names.ts'

/** What a principal may do inside a tenant; `admin` is across tenants; `writer` may only send data. */
export const roles = ['viewer', 'operator', 'editor', 'manager', 'admin', 'writer'] as const
export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

/** `POST /api/v1/sessions` */
export const signInSchema = z.strictObject({
  user: z.string().min(1).max(128),
  password: z.string().min(1).max(1024),
})

/** `GET /api/v1/sessions/current`; also the answer to signing in, where the session's cookie is set. */
export const sessionSchema = z.object({
  user: z.string(),
  role: roleSchema,
  tenant: tenantSchema,
  /** Of a token that is limited to these deployments. */
  deployments: z.array(z.string()).optional(),
  expiresAt: z.iso.datetime(),
})
export type Session = z.infer<typeof sessionSchema>
