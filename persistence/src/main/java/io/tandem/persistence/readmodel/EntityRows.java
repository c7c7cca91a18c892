package io.tandem.persistence.readmodel;

import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The rows of one entity from its first, a page at a time. Throws {@link JournalException}. */
final class EntityRows implements Iterator<JournalRow> {

  /** The rows after a sequence number, at most so many; fewer at the end alone. */
  interface Pages {
    List<JournalRow> after(long sequence, int max) throws SQLException;
  }

  private final Pages pages;
  private final int pageSize;
  private Iterator<JournalRow> page = List.<JournalRow>of().iterator();
  private long last;
  private boolean over;

  EntityRows(Pages pages, int pageSize) {
    this.pages = pages;
    this.pageSize = pageSize;
  }

  @Override
  public boolean hasNext() {
    if (!page.hasNext() && !over) {
      try {
        List<JournalRow> next = pages.after(last, pageSize);
        over = next.size() < pageSize;
        page = next.iterator();
      } catch (SQLException e) {
        throw new JournalException(Fault.UNAVAILABLE, "an entity's events: " + e.getSQLState(), e);
      }
    }
    return page.hasNext();
  }

  @Override
  public JournalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    JournalRow row = page.next();
    last = row.sequence();
    return row;
  }
}
