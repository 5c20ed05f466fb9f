// A request of a pipeline to send a credential to a host, about which the user is asked once.

export interface HostUse {
  readonly credential: string;
  /** `ci.example.com:8443`; with its scheme if that is not https. */
  readonly host: string;
}
