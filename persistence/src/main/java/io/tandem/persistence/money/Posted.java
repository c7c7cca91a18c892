package io.tandem.persistence.money;

import java.util.List;

/**
 * An event that moves money: it carries, or can derive from what it carries, a balanced double
 * entry (WAL-5).
 */
public interface Posted {

  /** The lines of the entry; they sum to zero per currency. */
  List<Posting> postings();
}
