// The list of environment variables that a command hook inherits: enough to find programs and to reach servers, but no
// secrets.
import { credentialVariable } from '../../model/outside.ts';

/** In upper case, since Windows ignores the case of names. */
const inherited: ReadonlySet<string> = new Set([
  // User, folders and terminal.
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'PWD', 'TERM', 'TMPDIR', 'TMP', 'TEMP', 'HOSTNAME'],
  // Language and time zone.
  ...['LANG', 'LANGUAGE', 'TZ'],
  // The address of an agent that holds keys, but no keys.
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'],
  // Proxies and trusted certificates.
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  // Windows cannot start a program without these.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'OS', 'COMPUTERNAME', 'USERNAME', 'USERDOMAIN'],
  ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'ALLUSERSPROFILE', 'PUBLIC'],
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMMONPROGRAMFILES', 'COMMONPROGRAMFILES(X86)'],
  ...['COMMONPROGRAMW6432', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'PSMODULEPATH'],
]);

/**
 * `named` are the additional variables that the pipeline lists. Credentials of the engine are never passed on, even if
 * they are listed.
 */
export function inheritEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  named: readonly string[] = [],
): Record<string, string> {
  const wanted = new Set(named);
  const prefix = credentialVariable('');
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => {
      const [name, value] = entry;
      const upper = name.toUpperCase();
      if (value === undefined || upper.startsWith(prefix)) return false;
      return inherited.has(upper) || upper.startsWith('LC_') || wanted.has(name);
    }),
  );
}
