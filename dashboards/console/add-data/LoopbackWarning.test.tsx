import { expect, it } from 'vitest'
import { markupOf } from '../testing.tsx'
import { LoopbackWarning } from './LoopbackWarning.tsx'

it.each([
  ['http://127.0.0.1:8080/collect', 'WARREN_HTTP_HOST'],
  ['http://localhost:8080/collect', 'WARREN_HTTP_HOST'],
  ['http://[::1]:8080/collect', 'WARREN_API__PUBLIC_URL'],
  ['amqp://127.0.0.1:33885', 'WARREN_AMQP_HOST'],
  ['amqp://127.1.2.3:33885', 'WARREN_AMQP_TLS__CERT_FILE'],
  ['amqp://[::1]:33885', 'WARREN_AMQP_HOST'],
])('warns that %s is this host’s own, and names %s', (url, setting) => {
  const markup = markupOf(<LoopbackWarning url={url} />)
  expect(markup).toContain('Only this host reaches')
  expect(markup).toContain(setting)
})

it.each([
  'https://warren.example.org/collect',
  'http://192.0.2.7:8080/collect',
  'amqps://warren.example.org:5671',
  'http://127.example.org/collect',
])('has nothing to say of %s', (url) => {
  expect(markupOf(<LoopbackWarning url={url} />)).not.toContain('Only this host')
})
