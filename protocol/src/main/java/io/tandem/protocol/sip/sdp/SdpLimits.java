package io.tandem.protocol.sip.sdp;

/**
 * What a description may cost.
 *
 * @param chars characters of the whole body
 * @param lines lines of the whole body
 * @param media media descriptions
 */
public record SdpLimits(int chars, int lines, int media) {

  /** 32 kB, 512 lines and 16 media: beyond what browsers send. */
  public static final SdpLimits DEFAULT = new SdpLimits(32_768, 512, 16);
}
