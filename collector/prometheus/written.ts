/** What of a request of 2.0 was stored, for the sender: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#required-written-response-headers */
export const writtenHeaders = (samples: number): Readonly<Record<string, string>> => ({
  'X-Prometheus-Remote-Write-Samples-Written': String(samples),
  'X-Prometheus-Remote-Write-Histograms-Written': '0',
  'X-Prometheus-Remote-Write-Exemplars-Written': '0',
})
