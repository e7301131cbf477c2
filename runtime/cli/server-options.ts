import type { ServerOptions } from '../assembly/options.ts'
import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'

/** What the settings say of a server, whatever it runs on. */
export function serverOptions(
  config: Config,
): Pick<
  ServerOptions,
  'host' | 'port' | 'url' | 'metricsToken' | 'traces' | 'admin' | 'calls' | 'deployToken' | 'clock'
> {
  const { host, port, url, metricsToken, adminLogin, adminPassword, deployToken, callAllow, secret, traces } = config
  return {
    host,
    port,
    ...(url ? { url } : {}),
    ...(metricsToken ? { metricsToken } : {}),
    admin: { ...(adminLogin ? { login: adminLogin } : {}), ...(adminPassword ? { password: adminPassword } : {}) },
    ...(traces ? { traces } : {}),
    ...(deployToken ? { deployToken } : {}),
    calls: { allow: callAllow, secret },
    clock: systemClock,
  }
}
