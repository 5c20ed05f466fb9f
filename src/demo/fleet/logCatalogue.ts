// The log of the storefront on a normal day: frequent lines, known errors with stack traces, rare lines, and start-up
// lines.
import type { Level, LogStatement } from './logText.ts';

/** A line that is written again and again. */
export interface SteadyStatement extends LogStatement {
  /** Lines per second of one node under normal traffic. */
  readonly rate: number;
  /** Stable name, for scenarios. */
  readonly name?: string;
}

const s = (
  rate: number,
  level: Level,
  logger: string,
  thread: string,
  message: string,
  trace?: readonly string[],
): SteadyStatement => ({ rate, level, logger: `c.s.${logger}`, thread, message, ...(trace && { trace }) });

const http = 'http-nio-8080-exec';

export const steadyStatements: readonly SteadyStatement[] = [
  s(0.9, 'INFO', 'web.AccessLog', http, 'GET {path} 200 {ms:8-420} ms client={ip} id={uuid}'),
  s(0.35, 'INFO', 'web.AccessLog', http, 'POST {path} 201 {ms:20-600} ms client={ip} id={uuid}'),
  s(0.12, 'INFO', 'web.AccessLog', http, 'GET {path} 304 {ms:3-40} ms client={ip} id={uuid}'),
  s(0.05, 'WARN', 'web.AccessLog', http, 'GET {path} 404 {ms:3-40} ms client={ip} id={uuid}'),
  s(
    0.3,
    'INFO',
    'checkout.CheckoutFlow',
    'checkout',
    'order {order} placed by customer {customer}: {int:1-9} items, {money} {currency}',
  ),
  s(0.2, 'INFO', 'checkout.CheckoutFlow', 'checkout', 'cart {uuid} priced in {ms:4-90} ms, {int:1-9} lines'),
  s(
    0.1,
    'DEBUG',
    'checkout.AddressCheck',
    'checkout',
    'address of customer {customer} normalised to {country} in {ms:1-20} ms',
  ),
  s(
    0.08,
    'INFO',
    'checkout.CouponService',
    'checkout',
    'coupon {coupon} applied to cart {uuid}, saved {money} {currency}',
  ),
  s(
    0.04,
    'WARN',
    'checkout.CouponService',
    'checkout',
    'coupon {coupon} rejected for customer {customer}: already used on {date}',
  ),
  s(0.3, 'INFO', 'payment.PaymentGateway', 'payment', 'payment {uuid} authorised by {provider} in {ms:90-900} ms'),
  s(0.12, 'INFO', 'payment.PaymentGateway', 'payment', 'payment {uuid} captured, {money} {currency}'),
  s(0.05, 'WARN', 'payment.PaymentGateway', 'payment', 'payment {uuid} declined by {provider}, code {int:100-599}'),
  {
    ...s(
      0.2,
      'WARN',
      'payment.RetryPolicy',
      'payment',
      'retry {int:1-3} of 3 for provider {provider} after {ms:100-2000} ms',
    ),
    name: 'payment-retry',
  },
  {
    ...s(0.16, 'ERROR', 'payment.PaymentGateway', 'payment', 'payment {uuid} failed', [
      'com.shop.payment.PaymentTimeoutException: provider {provider} gave no answer in {ms:3000-5000} ms',
      'at com.shop.payment.ProviderClient.authorise(ProviderClient.java:118)',
      'at com.shop.payment.PaymentGateway.authorise(PaymentGateway.java:74)',
      'at com.shop.checkout.CheckoutFlow.pay(CheckoutFlow.java:131)',
      'Caused by: java.net.SocketTimeoutException: Read timed out',
      'at java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)',
      '... 23 more',
    ]),
    name: 'payment-timeout',
  },
  s(
    0.25,
    'INFO',
    'inventory.ReservationService',
    'inventory',
    'reserved {int:1-4} of sku {sku} in warehouse {warehouse} for order {order}',
  ),
  s(0.1, 'DEBUG', 'inventory.StockView', 'inventory', 'stock of sku {sku} is {int:0-400} in region {region}'),
  {
    ...s(
      0.18,
      'WARN',
      'inventory.StockView',
      'inventory',
      'no stock row for sku {sku} in region {region}, using the default',
    ),
    name: 'stock-row',
  },
  s(
    0.06,
    'INFO',
    'inventory.Replenishment',
    'scheduler',
    'replenishment of sku {sku} asked for, {int:10-200} pieces to {warehouse}',
  ),
  s(
    0.3,
    'INFO',
    'search.SearchService',
    'search',
    'query answered with {int:0-900} hits in {ms:6-240} ms, {int:1-14} facets',
  ),
  {
    ...s(0.16, 'WARN', 'search.SearchService', 'search', 'slow query {query} took {ms:400-1900} ms'),
    name: 'slow-query',
  },
  s(
    0.05,
    'INFO',
    'search.Suggest',
    'search',
    'suggestions rebuilt for region {region}: {int:2000-9000} terms in {ms:40-300} ms',
  ),
  s(0.3, 'DEBUG', 'cache.LocalCache', 'cache', 'cache hit for key {key}, age {int:1-300} s'),
  {
    ...s(0.22, 'WARN', 'cache.LocalCache', 'cache', 'cache miss for key {key}, loaded in {ms:5-180} ms'),
    name: 'cache-miss',
  },
  s(0.04, 'INFO', 'cache.Evictor', 'cache', 'evicted {int:20-600} entries of {cache}, {int:40-90} % full'),
  s(0.15, 'INFO', 'auth.TokenService', 'auth', 'login token {hex:12} refreshed for customer {customer}'),
  s(0.1, 'INFO', 'auth.LoginService', 'auth', 'customer {customer} logged in from {ip} with {browser}'),
  s(0.05, 'WARN', 'auth.LoginService', 'auth', 'wrong password for customer {customer} from {ip}, attempt {int:1-5}'),
  s(0.1, 'INFO', 'shipping.RateQuote', 'shipping', 'quote of {carrier} to {country}: {money} EUR in {ms:30-400} ms'),
  s(0.05, 'INFO', 'shipping.LabelService', 'shipping', 'label {hex:10} printed for order {order} with {carrier}'),
  {
    ...s(
      0.16,
      'ERROR',
      'shipping.RateQuote',
      'shipping',
      'no quote of {carrier} for order {order}, the flat rate is used',
      [
        'com.shop.shipping.CarrierUnavailableException: {carrier} answered 503 after {ms:40-900} ms',
        'at com.shop.shipping.CarrierClient.quote(CarrierClient.java:63)',
        'at com.shop.shipping.RateQuote.best(RateQuote.java:41)',
      ],
    ),
    name: 'carrier-unavailable',
  },
  s(0.1, 'INFO', 'mail.MailQueue', 'mail', 'confirmation of order {order} queued, {int:1-40} waiting'),
  s(0.04, 'INFO', 'mail.MailQueue', 'mail', 'batch of {int:2-30} mails sent in {ms:80-900} ms'),
  s(0.08, 'DEBUG', 'db.ConnectionPool', 'db-pool', 'pool has {int:3-17} of 40 connections busy, {int:0-2} waiting'),
  s(
    0.05,
    'DEBUG',
    'events.Outbox',
    'outbox',
    'published {int:1-50} events to topic orders, offset {int:100000-999999}',
  ),
  s(
    0.05,
    'INFO',
    'jobs.Heartbeat',
    'scheduler',
    'heartbeat {int:1000-9999}, uptime {int:100-90000} s, heap {int:400-1400} MB',
  ),
  s(
    0.04,
    'INFO',
    'recommend.Recommender',
    'recommend',
    '{int:4-24} recommendations for customer {customer} in {ms:10-160} ms',
  ),
  s(0.03, 'WARN', 'recommend.Recommender', 'recommend', 'no model for region {region}, popular items are shown'),
  s(0.03, 'WARN', 'web.CookieParser', http, 'cookie of {ip} dropped: {int:4100-9000} bytes, 4096 allowed'),
];

/** Lines that the whole fleet writes once in this many seconds, so that some are not seen for minutes. */
export interface RareStatement extends LogStatement {
  readonly everySeconds: number;
}

const r = (
  everySeconds: number,
  level: Level,
  logger: string,
  thread: string,
  message: string,
  trace?: readonly string[],
): RareStatement => ({ everySeconds, level, logger: `c.s.${logger}`, thread, message, ...(trace && { trace }) });

export const rareStatements: readonly RareStatement[] = [
  r(45, 'INFO', 'jobs.SitemapJob', 'scheduler', 'sitemap written: {int:40000-60000} pages, {int:3-9} MB'),
  r(90, 'INFO', 'jobs.PriceImport', 'scheduler', 'price import: {int:2000-90000} rows in {int:2-40} s'),
  r(150, 'INFO', 'jobs.CartSweeper', 'scheduler', 'removed {int:10-900} carts older than {int:7-30} days'),
  r(240, 'INFO', 'jobs.KeyRotation', 'scheduler', 'signing key {hex:8} rotated, {int:2-4} keys stay valid'),
  r(300, 'INFO', 'jobs.GeoUpdate', 'scheduler', 'geo table of {date} loaded with {int:400000-900000} ranges'),
  r(420, 'INFO', 'admin.FeatureFlags', http, 'flags read again by administrator {int:10-99}: {int:20-60} flags'),
  r(600, 'INFO', 'jobs.LicenceCheck', 'scheduler', 'licence of the font server is valid until {date}'),
  r(120, 'DEBUG', 'db.Migrations', 'db-pool', 'schema is at version {int:300-340}, nothing to do'),
  r(360, 'DEBUG', 'search.IndexMerge', 'search', 'merged {int:2-12} segments into one of {int:40-900} MB'),
  r(50, 'WARN', 'db.ConnectionPool', 'db-pool', 'connection {hex:8} closed after {int:1700-1900} s of life'),
  r(60, 'WARN', 'jvm.PauseMonitor', 'monitor', 'paused for {ms:210-900} ms by the collector, heap {int:900-1500} MB'),
  r(
    65,
    'WARN',
    'shipping.LabelService',
    'shipping',
    'printer {hex:4} of warehouse {warehouse} is slow: {int:5-20} s for a label',
  ),
  r(70, 'WARN', 'auth.RateLimiter', 'auth', '{ip} slowed down: {int:60-400} logins in a minute'),
  r(150, 'WARN', 'search.Suggest', 'search', 'suggestions are {int:11-30} minutes old, generation {int:100-999}'),
  r(40, 'ERROR', 'mail.MailQueue', 'mail', 'mail of order {order} bounced: mailbox full'),
  r(45, 'ERROR', 'web.ErrorPage', http, 'request {uuid} ended early', [
    'org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe',
    'at org.apache.catalina.connector.OutputBuffer.realWriteBytes(OutputBuffer.java:342)',
    'at com.shop.web.PageWriter.flush(PageWriter.java:57)',
    'Caused by: java.io.IOException: Broken pipe',
    '... 38 more',
  ]),
  r(55, 'ERROR', 'db.OrderRepository', 'checkout', 'order {order} saved at the second try', [
    'org.springframework.dao.CannotAcquireLockException: could not obtain lock on row of order {order}',
    'at org.springframework.jdbc.support.SQLStateSQLExceptionTranslator.doTranslate(' +
      'SQLStateSQLExceptionTranslator.java:112)',
    'at com.shop.db.OrderRepository.save(OrderRepository.java:88)',
  ]),
];

const start = (level: Level, logger: string, message: string): LogStatement => ({
  level,
  logger,
  thread: 'main',
  message,
});

/** In this order, when a node starts. */
export const startStatements: readonly LogStatement[] = [
  start(
    'INFO',
    'c.s.StorefrontApplication',
    'starting storefront {version} with Java 21.0.{int:4-6}, process {int:100-9999}',
  ),
  start('INFO', 'o.s.b.w.e.tomcat.TomcatWebServer', 'Tomcat initialized with port 8080 (http)'),
  start('INFO', 'c.s.config.ConfigurationLoader', 'configuration {digest} read: {int:38-44} keys'),
  start('INFO', 'com.zaxxer.hikari.HikariDataSource', 'HikariPool-1 - Start completed.'),
  start('DEBUG', 'c.s.db.Migrations', 'schema is at version {int:300-340}, nothing to do'),
  start('WARN', 'c.s.cache.LocalCache', 'local cache is cold, {int:2000-9000} entries to load'),
  start('INFO', 'c.s.cache.LocalCache', 'local cache warmed in {ms:80-600} ms'),
  start('INFO', 'c.s.StorefrontApplication', 'started storefront in {ms:900-1900} ms, taking traffic'),
];
