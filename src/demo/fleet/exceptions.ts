// The catalogue of exceptions of new code or configuration: realistic, caught by a fallback, and never part of a normal
// day.
import { type Random, draw } from './random.ts';
import { type NewException, exception } from './exception.ts';

export const newExceptions: readonly NewException[] = [
  exception(
    'ReservationService.hold:142',
    'reserve failed for order {order}, falling back to the central warehouse',
    'com.shop.inventory.InventoryReservationException: no zone assignment of sku {sku} in warehouse {warehouse}',
    'java.sql.SQLSyntaxErrorException: column "warehouse_zone" does not exist',
  ),
  exception(
    'ZoneRouter.zoneOf:58',
    'zone of picker {int:100-999} could not be determined',
    'java.lang.NullPointerException: Cannot invoke "com.shop.inventory.Zone.code()" because "zone" is null',
  ),
  exception(
    'StockSplitter.split:77',
    'split shipment of order {order} was given up',
    'java.lang.ArithmeticException: division by zero while sharing {int:1-9} parcels',
  ),
  exception(
    'PriceRules.apply:203',
    'price rule {int:1000-9999} ignored',
    'java.util.concurrent.CompletionException: com.shop.pricing.RuleRejectedException: ' +
      'rounding mode of currency {currency} is undefined',
    'com.shop.pricing.RuleRejectedException: rounding mode is undefined',
  ),
  exception(
    'CheckoutFlow.confirm:167',
    'confirmation page of order {order} drawn without its summary',
    'java.lang.IllegalStateException: summary already consumed by fragment {int:10-99}',
  ),
  exception(
    'CouponService.stack:91',
    'stacked vouchers of basket {uuid} reduced to one',
    'com.shop.checkout.VoucherConflictException: vouchers {coupon} and {int:1000-9999} exclude each other',
  ),
  exception(
    'AddressCheck.geocode:49',
    'delivery coordinates missing, postcode centre taken',
    'com.fasterxml.jackson.databind.exc.MismatchedInputException: ' +
      'Cannot deserialize value of type `double` from Array value at line {int:1-40}, column {int:2-90}',
  ),
  exception(
    'PaymentGateway.tokenise:133',
    'card token {hex:16} could not be stored, asking again next time',
    'java.security.InvalidKeyException: Illegal key size of {int:129-255} bits for vault slot {int:1-8}',
  ),
  exception(
    'PaymentGateway.challenge:188',
    'strong authentication skipped below the limit for wallet {hex:10}',
    'com.shop.payment.ChallengeFormatException: unsupported challenge version {int:3-9}',
  ),
  exception(
    'RefundService.book:64',
    'refund {uuid} moved to the manual list',
    'java.lang.UnsupportedOperationException: partial refund ledger is immutable for account {int:1000-9999}',
  ),
  exception(
    'InstalmentPlan.schedule:112',
    'instalments offered without dates for contract {int:100000-999999}',
    'java.time.DateTimeException: Invalid date FEBRUARY {int:29-31}',
  ),
  exception(
    'TaxTable.lookup:38',
    'tax class of article {sku} unknown, the standard rate is charged',
    'java.util.MissingResourceException: Can not find resource for bundle tax_{country}, key reduced',
  ),
  exception(
    'SearchService.parse:221',
    'search phrase simplified for visitor {hex:8}',
    'org.apache.lucene.queryparser.classic.ParseException: Encountered unexpected wildcard at position {int:1-60}',
  ),
  exception(
    'FacetBuilder.count:84',
    'facet column {int:1-40} left out of the page',
    'java.lang.ClassCastException: class java.lang.String cannot be cast to class java.lang.Integer while ' +
      'counting bucket {int:1-90}',
  ),
  exception(
    'LocalCache.decode:156',
    'entry {hex:12} thrown away as unreadable',
    'java.io.InvalidClassException: local class incompatible: ' +
      'stream classdesc serialVersionUID = {int:1000000-9999999}',
  ),
  exception(
    'LocalCache.lease:99',
    'distributed lease {int:1-64} not granted, working without it',
    'io.lettuce.core.RedisCommandExecutionException: CROSSSLOT Keys in request hash to different slots {int:1-16383}',
  ),
  exception(
    'SessionStore.migrate:71',
    'session {uuid} started afresh',
    'com.shop.auth.SessionSchemaException: attribute basketV3 expected, generation {int:1-2} found',
  ),
  exception(
    'TokenService.verify:127',
    'remember-me signature of device {hex:14} refused',
    'io.jsonwebtoken.security.SignatureException: JWT signature does not match locally computed signature for ' +
      'kid {int:1-30}',
  ),
  exception(
    'RateQuote.parse:176',
    'tariff document of {carrier} kept from yesterday',
    'javax.xml.stream.XMLStreamException: ParseError at [row,col]:[{int:1-400},{int:1-90}] unbound prefix',
  ),
  exception(
    'LabelService.barcode:55',
    'barcode of parcel {int:10000000-99999999} printed as text',
    'com.google.zxing.WriterException: Data too big for requested symbology, {int:81-120} characters',
  ),
  exception(
    'PickupPoints.nearest:102',
    'pickup points sorted by name near latitude {int:36-69}',
    'org.locationtech.jts.geom.TopologyException: side location conflict at ({int:1-90}, {int:1-90})',
  ),
  exception(
    'MailQueue.render:61',
    'newsletter block {int:1-30} left empty',
    'org.thymeleaf.exceptions.TemplateInputException: Error resolving template fragment hero, revision {int:100-999}',
  ),
  exception(
    'Outbox.append:93',
    'audit entry {hex:10} written to the spare file',
    'org.apache.kafka.common.errors.RecordTooLargeException: ' +
      'The message is {int:1048577-2097152} bytes when serialized',
  ),
  exception(
    'EventReader.next:118',
    'event {uuid} parked for inspection',
    'org.apache.avro.AvroTypeException: Found string, expecting union in field loyaltyTier, offset {int:10000-99999}',
  ),
  exception(
    'OrderRepository.load:207',
    'history of order {order} shown without returns',
    'org.hibernate.LazyInitializationException: failed to lazily initialize a collection of role: Order.returns, ' +
      'no Session for owner {int:1-9999}',
  ),
  exception(
    'OrderRepository.archive:240',
    'archive batch {int:1-400} postponed',
    'org.postgresql.util.PSQLException: ERROR: duplicate key value violates unique constraint "archive_pk_{int:1-12}"',
  ),
  exception(
    'CartRepository.merge:87',
    'guest basket {uuid} could not be merged',
    'jakarta.persistence.OptimisticLockException: Row was updated or deleted by another transaction, ' +
      'generation {int:1-40}',
  ),
  exception(
    'CartRepository.read:44',
    'saved basket of shopper {customer} reset',
    'com.google.gson.JsonSyntaxException: Expected BEGIN_ARRAY but was BEGIN_OBJECT at path $.lines[{int:0-9}]',
  ),
  exception(
    'Recommender.score:73',
    'personal ranking switched off for segment {int:1-60}',
    'java.lang.ArrayIndexOutOfBoundsException: Index {int:64-128} out of bounds for length 64',
  ),
  exception(
    'Recommender.model:29',
    'embedding file number {int:1-20} not loaded',
    'java.nio.file.AccessDeniedException: /var/lib/models/embedding-{int:1-20}.bin',
  ),
  exception(
    'GiftCards.redeem:95',
    'gift card ending {int:1000-9999} asked for again',
    'java.lang.NumberFormatException: For input string: "{money} {currency}"',
  ),
  exception(
    'GiftCards.balance:52',
    'balance of voucher account {int:10000-99999} hidden',
    'feign.FeignException$NotFound: [404] during [GET] to giftcard ledger, node {int:1-8}',
  ),
  exception(
    'LoyaltyPoints.credit:83',
    'bonus points of member {customer} credited later',
    'java.util.ConcurrentModificationException: tier table changed after {int:2-900} entries',
    'com.shop.loyalty.TierReloadException: reload in progress',
  ),
  exception(
    'LoyaltyPoints.expire:109',
    'expiry run stopped after {int:10-900} members',
    'java.lang.StackOverflowError: recursion in tier {int:1-9}',
  ),
  exception(
    'ImageLinks.sign:36',
    'picture {hex:8} served unsigned',
    'java.net.URISyntaxException: Illegal character in query at index {int:20-120}',
  ),
  exception(
    'ImageLinks.resize:68',
    'thumbnail of {sku} replaced by a placeholder',
    'java.lang.IllegalArgumentException: Width ({int:0-0}) and height ({int:0-0}) must be positive',
  ),
  exception(
    'CheckoutFlow.express:211',
    'express lane closed for visitor {hex:6}',
    'java.util.concurrent.RejectedExecutionException: Task rejected from pool expressLane, ' +
      'queued tasks = {int:200-300}',
  ),
  exception(
    'StockSplitter.promise:136',
    'delivery promise for {sku} withheld',
    'java.util.NoSuchElementException: No value present for cutoff of weekday {int:1-7}',
  ),
  exception(
    'ZoneRouter.plan:119',
    'picking route number {int:1-900} computed the old way',
    'com.shop.inventory.RouteGraphException: aisle graph has {int:2-9} unconnected parts',
    'java.util.InputMismatchException: For input string: "aisle"',
  ),
  exception(
    'PriceRules.compile:58',
    'campaign {int:100-999} compiled without its margin guard',
    'groovy.lang.MissingPropertyException: No such property: marginFloor for class: Script{int:1-90}',
  ),
  exception(
    'InstalmentPlan.consent:147',
    'consent text in language {country} missing, English shown',
    'java.nio.charset.MalformedInputException: Input length = {int:1-4}',
  ),
  exception(
    'EventReader.ack:163',
    'consumer group rebalanced by partition {int:0-31}',
    'org.apache.kafka.clients.consumer.CommitFailedException: ' +
      'Offset commit cannot be completed since the poll took {ms:30000-90000} ms',
  ),
  exception(
    'TaxTable.reverse:81',
    'reverse charge evidence for {country} not archived',
    'javax.net.ssl.SSLHandshakeException: PKIX path building failed for validation service, depth {int:1-4}',
  ),
  exception(
    'PickupPoints.hours:140',
    'opening hours of locker {int:1000-9999} unknown',
    'java.time.zone.ZoneRulesException: Unknown time-zone ID: Europe/Zone{int:1-9}',
  ),
];

/** The four exceptions of a scenario, by seed. */
export function drawExceptions(random: Random): readonly NewException[] {
  return draw(random, newExceptions, 4);
}
