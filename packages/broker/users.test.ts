import { expect, it } from 'vitest'
import { hashPassword, senderUser } from './users.ts'

it('hashes as RabbitMQ documents it', () => {
  // The worked example of https://www.rabbitmq.com/docs/passwords#computing-password-hash
  expect(hashPassword('test12', Buffer.from('908DC60A', 'hex'))).toBe(
    'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
  )
})

it('lets a sender write its own tenant only', () => {
  const user = senderUser({ name: 'a', password: 'b' }, 'acme')
  expect(user).toMatchObject({ configure: '^$', read: '^$' })
  const allowed = (exchange: string, key: string) =>
    new RegExp(user.write).test(exchange) &&
    user.topics.some((topic) => topic.exchange === exchange && new RegExp(topic.write).test(key))
  expect(allowed('warren.metrics', 'acme.web.x')).toBe(true)
  expect(allowed('warren.metrics', 'acme2.web.x')).toBe(false)
  expect(allowed('warren.metrics', 'x.acme.web')).toBe(false)
  expect(allowed('warrenXmetrics', 'acme.web.x')).toBe(false)
  expect(allowed('warren.events', 'acme.web.x')).toBe(false)
})
