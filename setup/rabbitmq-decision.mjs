/** The server itself; the wrapper in sbin changes user. */
export const server = '/usr/lib/rabbitmq/bin/rabbitmq-server'
export const packages = ['rabbitmq-server']

const command = `apt-get install --no-install-recommends ${packages.join(' ')}`
const orAddress = 'or set WARREN_AMQP_URL to a RabbitMQ 3.10 or newer that you run.'

export const declined = `RabbitMQ is needed: run \`${command}\` (or \`npm start -- --yes\`), ${orAddress}`

/** An empty answer takes what is offered. */
export const isYes = (answer) => /^(y|yes|)$/i.test(answer.trim())

const refuse = (message) => ({ action: 'refuse', message })

/**
 * What to do for a RabbitMQ: `use` what is there, `install` the package, `ask` first, or `refuse` with what to do instead.
 * @returns {{ action: 'use' | 'install' | 'ask' | 'refuse', message?: string }}
 */
export function decideRabbitmq({ env, installed, debian, root, terminal, yes }) {
  if (env.WARREN_AMQP_URL || env.WARREN_AMQP_URL_FILE || installed) return { action: 'use' }
  if (!debian)
    return refuse(
      `RabbitMQ is not installed. Install it with your system's packages so that ${server} exists, ${orAddress}`,
    )
  if (!root) return refuse(`RabbitMQ is not installed. Run \`sudo ${command}\`, ${orAddress}`)
  const message = `RabbitMQ is not installed. Warren runs a private one from the system's package:\n  ${command}`
  if (yes || env.CI === 'true') return { action: 'install', message }
  return terminal ? { action: 'ask', message } : refuse(declined)
}
