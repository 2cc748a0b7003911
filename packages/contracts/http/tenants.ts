import { z } from 'zod'
import { tenantSchema } from '../names.ts'

/** `POST /api/v1/tenants` */
export const newTenantSchema = z.strictObject({ name: tenantSchema })

export const tenantBodySchema = z.object({ name: tenantSchema })

/** `GET /api/v1/tenants`, by name. */
export const tenantListSchema = z.object({ items: z.array(tenantBodySchema) })
