package io.tandem.protocol.sip.sdp;

/**
 * Where a describer wants its packets.
 *
 * @param address literal or name, without brackets
 * @param rtpPort 1 to 65535
 * @param rtcpAddress where RTCP goes (RFC 3605), by default the same
 * @param rtcpPort by default one above; the RTP port with rtcp-mux
 * @param rtcpMux whether RTCP may share the RTP port (RFC 5761)
 */
public record MediaEndpoint(
    String address, int rtpPort, String rtcpAddress, int rtcpPort, boolean rtcpMux) {

  static MediaEndpoint of(String address, MediaDescription medium) {
    boolean mux = medium.attribute("rtcp-mux") != null;
    int rtpPort = medium.media().port();
    String rtcp = medium.attribute("rtcp");
    String[] words = rtcp == null ? new String[] {""} : rtcp.strip().split(" ");
    int port = MediaLine.number(words[0], 65_535);
    int rtcpPort = port > 0 ? port : mux ? rtpPort : rtpPort + 1;
    boolean elsewhere = words.length == 4 && Connection.isAddress(words[3]);
    return new MediaEndpoint(address, rtpPort, elsewhere ? words[3] : address, rtcpPort, mux);
  }
}
