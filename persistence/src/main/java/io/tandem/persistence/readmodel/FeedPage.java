package io.tandem.persistence.readmodel;

import java.util.List;

/**
 * Some rows in feed order.
 *
 * @param next where to read on: the last row's position, or where reading began if there is none
 */
public record FeedPage(List<JournalRow> rows, FeedPosition next) {}
