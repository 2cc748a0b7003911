import { z } from 'zod'
import { secretSchema } from '../secret.ts'

export const portSchema = z.int().min(0).max(65_535)

export const logSettings = z
  .strictObject({
    level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
    pretty: z
      .boolean()
      .default(process.stdout.isTTY ?? false)
      .describe('Lines for a person')
      .meta({ defaultText: 'on a terminal' }),
  })
  .prefault({})

/** Of a service in a process of its own. */
export const adminSettings = (port: number) => ({
  adminHost: z
    .string()
    .default('127.0.0.1')
    .describe('Address of metrics and readiness, which ask nobody who they are'),
  adminPort: portSchema.default(port).describe('0 takes a free port'),
})

export const amqpSettings = {
  amqpUrl: secretSchema.describe('`amqp://` or `amqps://` address with a credential'),
  amqpCaFile: z
    .string()
    .optional()
    .describe('PEM of the authority that signed the certificate of an `amqps` broker'),
}
