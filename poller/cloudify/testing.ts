import { type BrokerUser, cloudifyUser, internalUser } from '@warren/broker/users'
import { cloudifyVhost } from '@warren/contracts/cloudify'
import { defaultTenant } from '@warren/contracts/names'

export const acmeVhost = cloudifyVhost('acme', defaultTenant)

/** Senders of the tenants `default` (in `/`, of every deployment) and `acme` (of `shop.eu` and `web`), and Warren's own right in the vhost of `acme`. */
export const senders: readonly BrokerUser[] = [
  { ...internalUser({ name: 'warren', password: 'warren' }), vhost: acmeVhost },
  cloudifyUser({ name: 'cfy', password: 'cfy' }, { vhost: '/', deployments: ['*'] }),
  cloudifyUser(
    { name: 'cfy-acme', password: 'cfy' },
    { vhost: acmeVhost, deployments: ['shop.eu', 'web'] },
  ),
]

/** One for all: two values of a series must not share a time because the second changed between them. */
const nowSeconds = Math.floor(Date.now() / 1000)

/** A message of Cloudify's Diamond handler; each value has its own time. */
export const metric = (deployment: string, value: number, more: object = {}) => ({
  node_id: 'vm_a1b2c3',
  node_name: 'vm',
  deployment_id: deployment,
  name: 'cpu',
  path: 'v',
  metric: value,
  unit: '',
  type: 'GAUGE',
  host: 'vm_a1b2c3',
  service: `${deployment}.vm.vm_a1b2c3.cpu.v`,
  time: nowSeconds - value,
  ...more,
})

export const logOf = (deployment: string | undefined, text: string, more: object = {}) => ({
  type: 'cloudify_log',
  level: 'info',
  logger: 'ctx.e-1',
  message_code: null,
  timestamp: new Date().toISOString(),
  message: { text, arguments: null },
  context: {
    deployment_id: deployment,
    execution_id: 'e-1',
    node_id: 'vm_a1b2c3',
    node_name: 'vm',
  },
  ...more,
})
