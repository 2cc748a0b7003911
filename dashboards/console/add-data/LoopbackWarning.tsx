import { Alert, Code } from '@mantine/core'

/** Of special schemes the names are normal forms, of `amqp` as they were written. */
const loopback = /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/

const variables = (...names: readonly string[]) =>
  names.map((name, index) => (
    <span key={name}>
      {index > 0 && ' and '}
      <Code>{name}</Code>
    </span>
  ))

function HowToOpen({ protocol }: { protocol: string }) {
  if (protocol.startsWith('amqp'))
    return (
      <>
        The broker listens beyond loopback only with TLS: start Warren with{' '}
        <Code>WARREN_AMQP_HOST=0.0.0.0</Code>,{' '}
        {variables('WARREN_AMQP_TLS__CERT_FILE', 'WARREN_AMQP_TLS__KEY_FILE')} (docs/operations.md,
        TLS for AMQP).
      </>
    )
  return (
    <>
      Start Warren with <Code>WARREN_HTTP_HOST=0.0.0.0</Code>, or one address of this host, and open
      this page under a name that the other host knows; or name it in{' '}
      <Code>WARREN_API__PUBLIC_URL</Code> (docs/configuration.md). Such traffic is not encrypted:
      beyond a network that you trust put a proxy with TLS before it.
    </>
  )
}

/** Tells that other hosts cannot send to an address, and how Warren is opened to them; nothing of an address that is not loopback. */
export function LoopbackWarning({ url }: { url: string }) {
  const { hostname, protocol } = new URL(url)
  if (!loopback.test(hostname)) return null
  return (
    <Alert color="yellow" title={`Only this host reaches ${hostname}`}>
      <HowToOpen protocol={protocol} /> Then make a new one here: this one keeps its address.
    </Alert>
  )
}
