import { commandsToGrant, commandsToMake } from '@warren/broker/operator-commands'
import {
  type BrokerUser,
  type Credential,
  cloudifyUser,
  newPassword,
  senderUserName,
} from '@warren/broker/users'
import { cloudifyVhost } from '@warren/contracts/cloudify'
import {
  createdCloudifySenderSchema,
  newCloudifySenderSchema,
} from '@warren/contracts/http/cloudify-senders'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { atLeast } from '../auth/principal.ts'
import { Refusal } from '../http/refusal.ts'
import { defineRoute, type Route } from '../http/route.ts'

export interface CloudifyBroker {
  /** Where senders outside reach it, without credential and vhost. */
  readonly url: string
  /** Of Warren's own services. */
  readonly user: string
  /** Whose vhost `/` is. */
  readonly rootTenant: string
  /** Makes its vhost with Cloudify's exchanges, then the user. Throws `sender_exists` (reject). Absent behind an address: AMQP cannot make either. */
  readonly createUser?: ((user: BrokerUser) => Promise<void>) | undefined
}

export interface CloudifySenderOptions {
  readonly catalog: Pick<Catalog, 'cloudifyDeployments'>
  /** Absent where the api knows no broker. */
  readonly cloudify: CloudifyBroker | undefined
}

const commandsFor = (user: BrokerUser, warren: string): readonly string[] => [
  ...commandsToGrant(warren, user.vhost ?? '/'),
  ...commandsToMake(user),
]

export const cloudifySendersRoute = ({ catalog, cloudify }: CloudifySenderOptions): Route =>
  defineRoute({
    method: 'post',
    path: '/api/v1/cloudify/senders',
    tag: 'Senders',
    summary:
      "Make deployments known and a credential for Cloudify's agents; its secret is shown this once",
    roles: atLeast('manager'),
    body: newCloudifySenderSchema,
    success: { status: 201, schema: createdCloudifySenderSchema },
    answer: async ({ principal: { tenant }, body: { name, deployments } }) => {
      if (cloudify === undefined)
        throw new Refusal('not_available', 'this api was started without the address of the broker')
      const { url, rootTenant, createUser } = cloudify
      const credential: Credential = {
        name: senderUserName.cloudify(tenant, name),
        password: newPassword(),
      }
      const vhost = cloudifyVhost(tenant, rootTenant)
      const user = cloudifyUser(credential, { vhost, deployments })
      await createUser?.(user)
      await catalog.cloudifyDeployments.add(tenant, deployments)
      const made = { name, tenant, deployments, url, vhost, user: credential.name }
      const json =
        createUser === undefined
          ? { ...made, secret: null, operatorCommands: commandsFor(user, cloudify.user) }
          : { ...made, secret: credential.password, operatorCommands: [] }
      return { status: 201, json }
    },
  })
