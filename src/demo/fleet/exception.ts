// One exception of the storefront: its log statement, with a stack trace made from the place that throws it.
import type { LogStatement } from './logText.ts';

export interface NewException extends LogStatement {
  /** Stable and unique. */
  readonly id: string;
}

const packages: Readonly<Record<string, string>> = {
  ReservationService: 'inventory',
  StockSplitter: 'inventory',
  ZoneRouter: 'inventory',
  CheckoutFlow: 'checkout',
  CouponService: 'checkout',
  AddressCheck: 'checkout',
  PaymentGateway: 'payment',
  RefundService: 'payment',
  InstalmentPlan: 'payment',
  PriceRules: 'pricing',
  TaxTable: 'pricing',
  SearchService: 'search',
  FacetBuilder: 'search',
  LocalCache: 'cache',
  SessionStore: 'auth',
  TokenService: 'auth',
  RateQuote: 'shipping',
  LabelService: 'shipping',
  PickupPoints: 'shipping',
  MailQueue: 'mail',
  Outbox: 'events',
  EventReader: 'events',
  OrderRepository: 'db',
  CartRepository: 'db',
  Recommender: 'recommend',
  GiftCards: 'giftcard',
  LoyaltyPoints: 'loyalty',
  ImageLinks: 'catalog',
};

/** `where` is `Class.method:line`; the frames of the callers are made from it. */
export function exception(where: string, message: string, thrown: string, cause?: string): NewException {
  const [place, line] = where.split(':') as [string, string];
  const [type, method] = place.split('.') as [string, string];
  const folder = packages[type]!;
  const at = Number(line);
  return {
    id: place,
    level: 'ERROR',
    logger: `c.s.${folder}.${type}`,
    thread: folder,
    message,
    trace: [
      thrown,
      `at com.shop.${folder}.${type}.${method}(${type}.java:${at})`,
      `at com.shop.${folder}.${type}.lambda$${method}$${at % 4}(${type}.java:${at - 17})`,
      `at com.shop.${folder}.${type}Facade.${method}(${type}Facade.java:${30 + (at % 60)})`,
      ...(cause
        ? [
            `Caused by: ${cause}`,
            `at com.shop.${folder}.internal.${type}Support.resolve(${type}Support.java:${12 + (at % 80)})`,
            `... ${10 + (at % 30)} more`,
          ]
        : []),
    ],
  };
}
