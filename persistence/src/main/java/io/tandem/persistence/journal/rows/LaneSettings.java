package io.tandem.persistence.journal.rows;

import io.tandem.persistence.database.DatabaseSettings;
import java.time.Duration;

/**
 * How rows are taken to the database.
 *
 * @param database PostgreSQL; its pool size does not count here
 * @param lanes connections that write at the same time; more than three or four make it slower
 * @param linger how long a lane waits for more rows before it writes the first, where they come
 *     closer together than that; zero for not at all
 * @param crowdRows rows that must wait for a second lane to take them while another is storing
 * @param rowsMax rows of one transaction, but for a single write that has more
 * @param bytesMax about how many bytes a transaction may have, and more than one write must not
 */
public record LaneSettings(
    DatabaseSettings database,
    int lanes,
    Duration linger,
    int crowdRows,
    int rowsMax,
    long bytesMax) {

  public LaneSettings {
    if (lanes < 1 || crowdRows < 1 || rowsMax < 1 || bytesMax < 1 || linger.isNegative()) {
      throw new IllegalArgumentException(
          "lanes %d, crowd %d, rows %d, bytes %d, linger %s"
              .formatted(lanes, crowdRows, rowsMax, bytesMax, linger));
    }
  }
}
