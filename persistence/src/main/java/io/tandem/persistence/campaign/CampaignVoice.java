package io.tandem.persistence.campaign;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What callers of a campaign are told before a phone rings, and whether their calls are recorded
 * (TEL-7, TEL-14, CMP-3).
 *
 * @param greeting spoken to every caller; empty: none
 * @param recording whether calls are recorded
 * @param notice spoken where the call is to be recorded, after the greeting
 */
public record CampaignVoice(String greeting, Recording recording, String notice) {
  /** Characters of one text. */
  public static final int TEXT_MAX = 500;

  /** The notice where none is given. */
  public static final String NOTICE = "This call may be recorded.";

  /** Nothing is said, nothing recorded. */
  public static final CampaignVoice SILENT = new CampaignVoice("", Recording.OFF, NOTICE);

  /** When a call is recorded. */
  public enum Recording {
    OFF,
    /** After the notice was played, which satisfies the laws that ask for all parties' consent. */
    AFTER_NOTICE
  }

  /** Whether calls are to be recorded. */
  public boolean records() {
    return recording != Recording.OFF;
  }

  /** All that a caller is told; empty for nothing. */
  public String announcement() {
    return Stream.of(greeting, records() ? notice : "")
        .filter(text -> !text.isBlank())
        .collect(Collectors.joining(" "));
  }
}
