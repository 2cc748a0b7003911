import { z } from 'zod'
import { anyDeployment } from '../cloudify.ts'

/** `POST /api/v1/cloudify/senders`: makes deployments known and gives Cloudify's agents a credential for the vhost of the tenant. */
export const newCloudifySenderSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens; at most 40'),
    /** Ids, or `*` alone for every deployment. What comes from another one is parked as `unknown_deployment`. */
    deployments: z.array(z.string().min(1).max(200)).min(1).max(1000),
  })
  .refine(({ deployments }) => deployments.length === 1 || !deployments.includes(anyDeployment), {
    path: ['deployments'],
    message: '`*` stands for every deployment: name it alone',
  })

/** The only time the secret is shown. */
export const createdCloudifySenderSchema = z.object({
  name: z.string(),
  tenant: z.string(),
  deployments: z.array(z.string()),
  /** `amqp://host:port` or `amqps://…`, without credentials and vhost. */
  url: z.string(),
  vhost: z.string(),
  user: z.string(),
  /** Null where the operator's commands make the user. */
  secret: z.string().nullable(),
  /** Commands for whoever runs the broker, where Warren itself cannot make users and vhosts there; else empty. */
  operatorCommands: z.array(z.string()),
})
