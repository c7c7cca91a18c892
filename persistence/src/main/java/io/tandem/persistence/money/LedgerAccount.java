package io.tandem.persistence.money;

/** The named accounts of the ledger (WAL-5). Credits are positive, debits negative. */
public enum LedgerAccount {
  CUSTOMER_FUNDS,
  HOLDS,
  REVENUE,
  TAX_PAYABLE,
  PROCESSOR_CLEARING,
  DISPUTE_CREDITS,
  CHARGEBACK_LOSSES,
  FEES,
  UNCLAIMED_PROPERTY,
  PUBLISHER_PAYABLE,
  AFFILIATE_PAYABLE,
  IN_TRANSIT
}
