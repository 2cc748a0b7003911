import { defaultTenant, tenantSchema } from '@warren/contracts/names'
import { portSchema } from '@warren/platform/config/service-settings'
import { z } from 'zod'
import { isLoopback, networkSchema } from './allowed.ts'
import { tlsSchema } from './tls-settings.ts'

const transportSchema = z.enum(['udp', 'tcp'])
export type Transport = z.output<typeof transportSchema>

interface SocketDefaults {
  readonly port: number
  readonly transports: readonly Transport[]
}

const kibibyte = 1024

export const messageBytesSchema = (fallback: number) =>
  z
    .int()
    .min(kibibyte)
    .max(kibibyte ** 2)
    .default(fallback)

/** What every listener may be told. */
export const socketSettings = ({ port, transports }: SocketDefaults) => ({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address to listen on; beyond loopback with `allow` or certificates of senders'),
  port: portSchema.default(port).describe('0 takes a free one'),
  transports: z
    .array(transportSchema)
    .min(1)
    .optional()
    .describe('What is listened on, on one port')
    .meta({ defaultText: `${transports.join(' and ')}; with \`tls\` tcp` }),
  tenant: tenantSchema
    .default(defaultTenant)
    .describe('Whose data it is: these senders carry no credential'),
  deployment: z.string().min(1).max(60).optional().describe('Of the tenant, if it is of one'),
  allow: z
    .array(networkSchema)
    .default([])
    .describe('Addresses and networks that may send; with an empty list every one that can'),
  tls: tlsSchema.optional().describe('TCP speaks TLS'),
  maxConnections: z.int().min(1).max(100_000).default(1_000),
})

export type SocketSettings = z.output<z.ZodObject<ReturnType<typeof socketSettings>>>

const isGuarded = ({ host, allow, tls, transports = ['tcp'] }: SocketSettings): boolean =>
  isLoopback(host) || allow.length > 0 || (tls?.caFile !== undefined && !transports.includes('udp'))

const hasTcpForTls = ({ tls, transports = ['tcp'] }: SocketSettings): boolean =>
  tls === undefined || transports.includes('tcp')

/** Settings with `socketSettings` in them, which must say who may send before anybody outside the machine can. */
export const guarded = <Schema extends z.ZodObject>(schema: Schema): Schema =>
  schema
    .refine((value) => isGuarded(value as unknown as SocketSettings), {
      path: ['host'],
      message:
        'beyond loopback a listener needs allow (networks that may send), or tls.caFile and no udp',
    })
    .refine((value) => hasTcpForTls(value as unknown as SocketSettings), {
      path: ['tls'],
      message: 'TLS needs the transport tcp',
    })
