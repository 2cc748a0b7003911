import { readFileSync } from 'node:fs'
import type { TlsOptions } from 'node:tls'
import { tenantSchema } from '@warren/contracts/names'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { z } from 'zod'

export const tlsSchema = z
  .strictObject({
    certFile: z.string().describe('PEM of the certificate and those between it and an authority'),
    keyFile: z.string().describe('PEM'),
    caFile: z
      .string()
      .optional()
      .describe('PEM of the authority that signed the certificates which senders must show'),
    tenants: z
      .record(z.string(), tenantSchema)
      .optional()
      .describe(
        'Tenant by the common name of the certificate that a sender shows; other names are refused',
      ),
  })
  .refine(({ caFile, tenants }) => caFile !== undefined || tenants === undefined, {
    path: ['tenants'],
    message: 'certificates are only looked at with caFile',
  })
export type TlsSettings = z.output<typeof tlsSchema>

function readPem(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new WarrenError(`cannot read a file of TLS (${reasonOf(error)})`, {
      code: 'tls_file',
      disposition: 'retry',
      cause: error,
    })
  }
}

const handshakeMs = 15_000

/** Reads the files. Throws `tls_file` (retry) for one that cannot be read. */
export function toTlsOptions({ certFile, keyFile, caFile }: TlsSettings): TlsOptions {
  return {
    cert: readPem(certFile),
    key: readPem(keyFile),
    minVersion: 'TLSv1.2',
    handshakeTimeout: handshakeMs,
    ...(caFile === undefined
      ? {}
      : { ca: readPem(caFile), requestCert: true, rejectUnauthorized: true }),
  }
}
