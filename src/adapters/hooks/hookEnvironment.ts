// The one list of what a command hook inherits of our environment: enough to find programs and to speak to servers, no
// secret that it was not given.
import { credentialVariable } from '../../model/outside.ts';

/** Upper case, as Windows does not distinguish. */
const inherited: ReadonlySet<string> = new Set([
  // Who and where.
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'PWD', 'TERM', 'TMPDIR', 'TMP', 'TEMP', 'HOSTNAME'],
  // Language and time.
  ...['LANG', 'LANGUAGE', 'TZ'],
  // An agent that holds keys, and not the keys.
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'],
  // How servers are reached, and which certificates are believed.
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  // Windows does not start a program without these.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'OS', 'COMPUTERNAME', 'USERNAME', 'USERDOMAIN'],
  ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'ALLUSERSPROFILE', 'PUBLIC'],
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMMONPROGRAMFILES', 'COMMONPROGRAMFILES(X86)'],
  ...['COMMONPROGRAMW6432', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'PSMODULEPATH'],
]);

/**
 * `named`: what the pipeline asks for beside the list. Credentials of the engine are not the hooks' business, whoever
 * names them.
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
