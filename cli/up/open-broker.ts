import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { probeBroker } from '@warren/broker/probe'
import { hasCode } from '@warren/platform/errors'
import { createLog } from '@warren/platform/log'
import type { DataFolder } from '../data-folder/open.ts'
import { ExitError } from '../exit-error.ts'
import { type BrokerTls, brokerAt, startPrivateBroker, type UpBroker } from './broker.ts'
import type { UpConfig } from './config.ts'

const amqpsPort = 5671

function readable(file: string, variable: string): string {
  const path = resolve(file)
  try {
    accessSync(path, constants.R_OK)
    return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ExitError('config', `${variable}: ${path} cannot be read (${code})`, error)
  }
}

/** The TLS listener, its files by absolute path: the node has another working folder. */
function tlsOf({ amqpHost, amqpPort, amqpTls }: UpConfig): BrokerTls | undefined {
  if (amqpTls === undefined) return undefined
  const { certFile, keyFile, caFile } = amqpTls
  return {
    host: amqpHost,
    port: amqpPort ?? amqpsPort,
    certFile: readable(certFile, 'WARREN_AMQP_TLS__CERT_FILE'),
    keyFile: readable(keyFile, 'WARREN_AMQP_TLS__KEY_FILE'),
    ...(caFile === undefined ? {} : { caFile: readable(caFile, 'WARREN_AMQP_TLS__CA_FILE') }),
  }
}

function withHint(error: unknown): never {
  if (hasCode(error, 'port_taken'))
    throw new ExitError('portTaken', `${error.message}: set WARREN_AMQP_PORT to another one`, error)
  throw error
}

/** The broker at its address, which need not answer yet but must not refuse; or a private node of this folder. */
export async function openUpBroker(config: UpConfig, folder: DataFolder): Promise<UpBroker> {
  if (config.amqpUrl !== undefined) {
    const url = config.amqpUrl.reveal()
    return brokerAt(url, await probeBroker({ url, name: 'warren' }))
  }
  const tls = tlsOf(config)
  return startPrivateBroker({
    folder: folder.of('broker'),
    port: tls === undefined ? config.amqpPort : undefined,
    tls,
    shards: config.poller.shards,
    log: createLog({ service: 'broker', ...config.log }),
  }).catch(withHint)
}
