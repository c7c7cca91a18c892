package io.tandem.node.directory;

import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.EntityView;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.FeedPosition;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the directory up with the read model: everything once, then what changed. Driven by its
 * caller, from one thread.
 */
public final class DirectoryFeed {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryFeed.class);
  private static final int PAGE = 1_000;

  private final EntityViews views;
  private final Directory directory;
  private FeedPosition position = FeedPosition.START;

  /** Into that directory. */
  public DirectoryFeed(EntityViews views, Directory directory) {
    this.views = views;
    this.directory = directory;
  }

  /**
   * Takes over all that changed since the last time; gives how much that was. A database that is
   * away leaves the copy as it is.
   */
  public int step() {
    int taken = 0;
    try {
      List<EntityView> page;
      do {
        page = views.changedSince(position, PAGE);
        for (EntityView view : page) {
          directory.accept(view.entityType(), view.entityId(), view.sequence(), view.state());
          position = view.position();
        }
        taken += page.size();
      } while (page.size() == PAGE);
    } catch (JournalException away) {
      LOG.warn("the directory could not be brought up to date: {}", away.getMessage());
    }
    return taken;
  }
}
