import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { ServerOptions } from '../main.ts'

/** What the settings say of a server, whatever it runs on. */
export function serverOptions(
  config: Config,
): Pick<ServerOptions, 'host' | 'port' | 'url' | 'admin' | 'calls' | 'clock'> {
  const { host, port, url, adminLogin, adminPassword, callAllow, secret } = config
  return {
    host,
    port,
    ...(url ? { url } : {}),
    admin: { ...(adminLogin ? { login: adminLogin } : {}), ...(adminPassword ? { password: adminPassword } : {}) },
    calls: { allow: callAllow, secret },
    clock: systemClock,
  }
}
