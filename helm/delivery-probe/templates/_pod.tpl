{{/* The pods of every role. Called with a dict: root, component, and the claim or "" for none. */}}
{{- define "delivery-probe.pod" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $control := $values.control -}}
{{- $isControl := eq .component "control" -}}
metadata:
  labels:
    {{- include "delivery-probe.labels" (list $root .component) | nindent 4 }}
    {{- if and $values.region (not (contains "," $values.region)) (not $isControl) }}
    region: {{ $values.region }}
    {{- end }}
    {{- with $values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with include "delivery-probe.podAnnotations" $root }}
  annotations:
    {{- trim . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "delivery-probe.serviceAccountName" $root }}
  automountServiceAccountToken: {{ $values.serviceAccount.automount }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  {{- with include "delivery-probe.pullSecrets" $root }}
  imagePullSecrets:
    {{- trim . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- toYaml $values.podSecurityContext | nindent 4 }}
  {{- with $values.extraInitContainers }}
  initContainers:
    {{- include "delivery-probe.containers" (list $root .) | nindent 4 }}
  {{- end }}
  containers:
    {{- include "delivery-probe.container" . | nindent 4 }}
    {{- with $values.extraContainers }}
    {{- include "delivery-probe.containers" (list $root .) | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      {{- include "delivery-probe.configVolume" $root | nindent 6 }}
    - name: tmp
      emptyDir: {}
    {{- if .claim }}
    - name: data
      persistentVolumeClaim: {claimName: {{ .claim }}}
    {{- else if not $values.persistence.enabled }}
    - name: data
      emptyDir: {sizeLimit: {{ $values.persistence.emptyDirSizeLimit }}}
    {{- end }}
    {{- with include "delivery-probe.webSecret" $root }}
    - name: web
      secret: {secretName: {{ . }}}
    {{- end }}
    {{- with $values.web.certificateSecret }}
    - name: tls
      secret: {secretName: {{ . }}}
    {{- end }}
    {{- with include "delivery-probe.extraVolumes" $root }}
    {{- trim . | nindent 4 }}
    {{- end }}
  {{- with default $values.nodeSelector (ternary $control.nodeSelector dict $isControl) }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- range $key := list "tolerations" "affinity" "topologySpreadConstraints" "hostAliases" "dnsConfig" }}
  {{- with get $values $key }}
  {{ $key }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- range $key := list "priorityClassName" "runtimeClassName" "dnsPolicy" }}
  {{- with get $values $key }}
  {{ $key }}: {{ . }}
  {{- end }}
  {{- end }}
  {{- if $values.hostNetwork }}
  hostNetwork: true
  {{- end }}
{{- end }}

{{- define "delivery-probe.podAnnotations" -}}
{{- if and .Values.restartOnConfigChange (not .Values.existingConfig.secret) (not .Values.existingConfig.configMap) }}
checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}
{{- end }}
{{- if include "delivery-probe.webSecret" . }}
checksum/web: {{ include (print $.Template.BasePath "/web-secret.yaml") . | sha256sum }}
{{- end }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "delivery-probe.pullSecrets" -}}
{{- range concat .Values.global.imagePullSecrets .Values.image.pullSecrets }}
- name: {{ if kindIs "string" . }}{{ . }}{{ else }}{{ .name }}{{ end }}
{{- end }}
{{- end }}

{{- define "delivery-probe.extraVolumes" -}}
{{- range .Values.extraSecretMounts }}
- name: {{ .name }}
  secret:
    secretName: {{ .secretName }}
    {{- with pick . "items" "defaultMode" "optional" }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- range .Values.extraConfigmapMounts }}
- name: {{ .name }}
  configMap:
    name: {{ .configMap }}
    {{- with pick . "items" "defaultMode" "optional" }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
