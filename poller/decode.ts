export { decodeBody } from '@warren/broker/decode-body'
