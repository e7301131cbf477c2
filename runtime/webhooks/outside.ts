import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** IPv4 that is nobody's public address: private, loopback, link-local (and with it clouds' metadata), CGNAT, tests, multicast. */
const inside4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Of 2000::/3, the public part of IPv6: what leads back to IPv4 (6to4, Teredo), and what is for documents and tests. */
const inside6: readonly (readonly [network: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const blocked4 = listOf(inside4, 'ipv4')
const blocked6 = listOf(inside6, 'ipv6')
const public6 = listOf([['2000::', 3]], 'ipv6')

/**
 * Whether an address belongs to the internet, and not to this machine, its network or nobody. IPv6 counts only where it is
 * global unicast: mapped and embedded IPv4, unique local, link-local and multicast all lie elsewhere (RFC 6890, 4291).
 */
export function isOutside(address: string): boolean {
  if (isIPv4(address)) return !blocked4.check(address, 'ipv4')
  return isIPv6(address) && !address.includes('%') && public6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6')
}

function listOf(networks: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family)
  return list
}
